"""What an identity may do, decided and proved: types that are the same for every cloud."""
