"""The demo: three small governments, all made up, with work waiting. Texts are data; days are counted from today."""
