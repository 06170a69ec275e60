"""Publishing: drafts, panels, release, correction, cadence."""
