-- The reports of a deal are counted without reading what each of them tells.

DROP INDEX deal_member_deal;
CREATE INDEX deal_member_deal ON deal_member (deal, document);
