#include "digest/sha256.hpp"

#include <array>

#include <openssl/evp.h>

#include <waybill/result.hpp>

namespace waybill::digest {

namespace {

void require(int ok) {
    if (ok != 1) throw store_failure(store_failure::kind::internal, "OpenSSL refuses to compute SHA-256");
}

/// Looked up once: each look-up by name takes locks of OpenSSL's.
const EVP_MD* method() {
    static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
    return found != nullptr ? found : EVP_sha256();
}

struct free_context {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

} // namespace

struct sha256::impl {
    std::unique_ptr<EVP_MD_CTX, free_context> context{EVP_MD_CTX_new()};
};

sha256::sha256() : self_(std::make_unique<impl>()) {
    require(self_->context ? 1 : 0);
    require(EVP_DigestInit_ex(self_->context.get(), method(), nullptr));
}

sha256::~sha256() = default;
sha256::sha256(sha256&&) noexcept = default;
sha256& sha256::operator=(sha256&&) noexcept = default;

void sha256::add(std::string_view bytes) {
    require(EVP_DigestUpdate(self_->context.get(), bytes.data(), bytes.size()));
}

std::string sha256::hex() {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    require(EVP_DigestFinal_ex(self_->context.get(), digest.data(), &length));
    std::string text;
    text.reserve(std::size_t{length} * 2);
    for (unsigned int i = 0; i < length; ++i) {
        text.push_back(digits[digest[i] >> 4U]);
        text.push_back(digits[digest[i] & 0xFU]);
    }
    return text;
}

std::string sha256_hex(std::string_view bytes) {
    sha256 sum;
    sum.add(bytes);
    return sum.hex();
}

} // namespace waybill::digest
