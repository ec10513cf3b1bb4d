#include "tls.hpp"

#include <optional>
#include <string>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "file_text.hpp"

namespace waybill::http {

namespace {

namespace ssl = boost::asio::ssl;

struct freed_by_openssl {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};
template <class T>
using owned = std::unique_ptr<T, freed_by_openssl>;

failure wrong(const char* what, const std::filesystem::path& file, const std::string& why) {
    ERR_clear_error();
    return {errc::invalid, std::string("the TLS ") + what + " '" + file.string() + "' " + why, {}};
}

/// OpenSSL's own words for what went wrong last.
std::string reason() {
    const auto* const text = ERR_reason_error_string(ERR_peek_last_error());
    return text != nullptr ? text : "unknown error";
}

result<std::string> text_of(const char* what, const std::filesystem::path& file) {
    auto text = text_of_file(file);
    if (!text) return wrong(what, file, "cannot be read: " + text.error().message);
    return text;
}

owned<BIO> reader_of(const std::string& text) {
    return owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// Instead of OpenSSL's question on the terminal.
int no_passphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

/// Whether the text has another certificate; not whether what follows is something else.
bool is_end(unsigned long error) {
    return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

std::optional<failure> use_certificates(SSL_CTX* context, const std::filesystem::path& file) {
    constexpr auto what = "certificate";
    const auto text = text_of(what, file);
    if (!text) return text.error();
    const auto reader = reader_of(*text);
    const owned<X509> own(PEM_read_bio_X509_AUX(reader.get(), nullptr, nullptr, nullptr));
    if (!own) return wrong(what, file, "has no certificate in PEM: " + reason());
    if (SSL_CTX_use_certificate(context, own.get()) != 1)
        return wrong(what, file, "cannot be used: " + reason());
    while (const owned<X509> next{PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)})
        if (SSL_CTX_add1_chain_cert(context, next.get()) != 1)
            return wrong(what, file, "has a chain that cannot be used: " + reason());
    if (!is_end(ERR_peek_last_error()))
        return wrong(what, file, "has a chain that cannot be read: " + reason());
    ERR_clear_error();
    return std::nullopt;
}

std::optional<failure> use_key(SSL_CTX* context, const tls_files& files) {
    constexpr auto what = "key";
    const auto text = text_of(what, files.key);
    if (!text) return text.error();
    const auto reader = reader_of(*text);
    bool asked = false;
    const owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_passphrase, &asked));
    if (asked) return wrong(what, files.key, "is encrypted; expected one without a passphrase");
    if (!key) return wrong(what, files.key, "has no private key in PEM: " + reason());
    if (X509_check_private_key(SSL_CTX_get0_certificate(context), key.get()) != 1)
        return wrong(what, files.key,
                     "does not belong to the certificate '" + files.certificate.string() + "'");
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1)
        return wrong(what, files.key, "cannot be used: " + reason());
    return std::nullopt;
}

} // namespace

result<tls_context> load_tls(const tls_files& files) {
    ERR_clear_error();
    auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
    auto* const context = made->native_handle();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context,
                        SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // Of 1.3 all are good.
    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
    // Who comes again has a ticket; nothing is kept for it here.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (auto bad = use_certificates(context, files.certificate)) return std::move(*bad);
    if (auto bad = use_key(context, files)) return std::move(*bad);
    return made;
}

} // namespace waybill::http
