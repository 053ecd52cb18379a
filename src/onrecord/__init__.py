"""onrecord: reports in, a sourced register out."""
