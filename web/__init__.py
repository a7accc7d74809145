"""The doors: HTTP, sockets, pages, PDFs and the command line. The only room that knows the outside world."""
