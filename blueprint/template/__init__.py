"""template.yaml: as it is written, as SAM translates it, and the rules that it keeps."""
