//! Record batch v2 to the byte, CRC-32C, murmur2, serializers.
