"""Parts of the continual benchmark: streams of tasks, how they are played, what is measured, and chosen strengths."""
