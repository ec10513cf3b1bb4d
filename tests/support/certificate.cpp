#include "support/certificate.hpp"

#include <cstdio>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace waybill::test {

namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* one) const {
        Free(one);
    }
};
using key_pointer = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_pointer = std::unique_ptr<X509, freed_by<X509_free>>;
using extension_pointer = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using file_pointer = std::unique_ptr<std::FILE, freed_by<std::fclose>>;

void expect(bool done) {
    if (!done) throw std::runtime_error("OpenSSL cannot make a certificate");
}

certificate_pointer signed_by(EVP_PKEY* key, const std::string& name, const std::string& names) {
    certificate_pointer made(X509_new());
    static long serial = 0;
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
    X509_set_version(made.get(), X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3'600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 86'400);
    auto* const subject = X509_get_subject_name(made.get());
    expect(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0) == 1);
    expect(X509_set_issuer_name(made.get(), subject) == 1);
    const extension_pointer spoken_for(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str()));
    expect(spoken_for && X509_add_ext(made.get(), spoken_for.get(), -1) == 1);
    expect(X509_set_pubkey(made.get(), key) == 1);
    expect(X509_sign(made.get(), key, EVP_sha256()) > 0);
    return made;
}

} // namespace

certificate_files make_certificate(const std::filesystem::path& directory, const std::string& name,
                                   const std::string& passphrase, const std::string& names) {
    const certificate_files files{directory / (name + ".pem"), directory / (name + ".key")};
    const key_pointer key(EVP_EC_gen("P-256"));
    expect(key != nullptr);
    const auto certificate = signed_by(key.get(), name, names);
    const file_pointer certificate_file(std::fopen(files.certificate.c_str(), "w"));
    expect(certificate_file && PEM_write_X509(certificate_file.get(), certificate.get()) == 1);
    const file_pointer key_file(std::fopen(files.key.c_str(), "w"));
    expect(key_file != nullptr);
    const auto* const cipher = passphrase.empty() ? nullptr : EVP_aes_128_cbc();
    expect(PEM_write_PKCS8PrivateKey(key_file.get(), key.get(), cipher, passphrase.data(),
                                     static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
    return files;
}

} // namespace waybill::test
