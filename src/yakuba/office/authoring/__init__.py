"""The workshop for a municipality's own procedures (独自手続きの作成): written by one person, published by two."""
