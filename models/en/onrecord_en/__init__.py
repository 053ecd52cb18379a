"""The English model of onrecord: an encoder of reports with its heads, and the weights of the judges that were learnt beside it."""
