"""The capacity kernel: pure functions from plain values to plain values (docs/capacity.md).

Read in this order: `calendar` (which weeks run), `tree` (on what an impact lands), `load` (what fills a cell),
`limits` (what a cell carries), `gate` (may this plan start), `ways` (what to do when it may not).
"""
