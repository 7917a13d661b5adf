"""What refuses a message or holds it: each rule of the gate that is one question."""
