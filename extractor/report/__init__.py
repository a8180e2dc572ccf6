"""What a person looks at: records beside the words they came from."""
