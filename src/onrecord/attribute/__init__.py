"""Attribution: who says what, as statements."""
