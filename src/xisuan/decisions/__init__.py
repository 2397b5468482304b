"""What a decision rests on: unit costs, who pays, what would turn the plan, how it compares with what is published."""
