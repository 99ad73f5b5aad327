"""What an editor sees and decides: the review page, and the decisions that come back from it."""
