#include "digest.hpp"

#include <array>
#include <span>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

namespace waybill::http {

namespace {

std::string hex(std::span<const unsigned char> bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const unsigned byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

/// Looked up once: each look-up by name takes locks of OpenSSL's.
const EVP_MD* sha256() {
    static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
    return found != nullptr ? found : EVP_sha256();
}

} // namespace

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, 32> sum{};
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), sum.data(), &length, sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
    return hex(sum);
}

bool same_secret(std::string_view one, std::string_view other) noexcept {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::string random_id() {
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("OpenSSL has no random bytes");
    return hex(bytes);
}

} // namespace waybill::http
