"""Tests about the project itself: lists that must stay complete, words that must not appear, gates that must hold."""
