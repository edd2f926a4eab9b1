"""What readers meet: the files of the public site, served before Flask is reached."""
