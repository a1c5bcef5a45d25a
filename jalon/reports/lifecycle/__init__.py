"""The lifecycle report: live figures of journeys, the journeys behind each of them, and what a reader has chosen to see."""
