"""Prints what one text puts on record."""

import onrecord

TEXT = """Poland signed a contract for 32 F-35 fighters worth $4.6 billion on 31 January 2020. Deliveries are to begin in 2024,
said Ada Example, a spokeswoman for the Polish Defence Ministry."""

found = onrecord.extract(TEXT, published="2020-02-01")
for transfer in found["transfers"]:
    print(transfer["supplier"], "→", transfer["recipient"], transfer["equipment"], transfer["quantity"], transfer["value"])
    for stage in transfer["stages"]:
        print("  ", stage["stage"], stage["modality"], stage["when"], "|", stage["evidence"])
for statement in found["statements"]:
    print(statement["speaker"], "said:", statement["content"])
