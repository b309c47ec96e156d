"""What stands between the open web and the answers: limits, headers, origins, names for requests, and what is seen."""
