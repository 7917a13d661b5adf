"""SQL shaped for pages, the API and for saying present state again."""
