"""What makes an assignment clear, and what a decision on it needs beside the plan."""
