"""Cases: the list, each case with its history, and every change that a person makes to one."""
