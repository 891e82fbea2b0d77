"""自動車保有関係手続: filings about a car that a prefecture (or its police) receives through the one-stop service."""
