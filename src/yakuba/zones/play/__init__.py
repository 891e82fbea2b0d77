"""The main job, played in the terminal against the running town hall: everything goes over HTTP, as people would do it."""
