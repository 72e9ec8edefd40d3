"""What meetings leave behind them."""
