// SPDX-License-Identifier: Apache-2.0
// libFuzzer over what policies take from manifests and from their authors: certificates (PEM and
// DER, by the first byte), JMESPath expressions with Kyverno's functions, public keys, signatures
// and packed manifests.
#include "base/base64.hpp"
#include "jmespath/expression.hpp"
#include "jmespath/value.hpp"
#include "policy/context.hpp"
#include "policy/signature.hpp"
#include "policy/unpack.hpp"
#include "policy/x509.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace sluice;

std::string pem_of(std::string_view der, std::string_view type) {
  std::string out = "-----BEGIN " + std::string(type) + "-----\n";
  out += base64_encode(der);
  return out + "\n-----END " + std::string(type) + "-----\n";
}

void decode(std::string_view pem) {
  jmespath::Arena arena;
  (void)policy::decode_x509(arena, pem);
}

void evaluate(std::string_view text) {
  const auto expression = jmespath::Expression::compile(text, policy::kyverno_functions());
  if (!expression) {
    return;
  }
  jmespath::Arena arena;
  const auto root = jmespath::parse_json(
      R"({"a":{"b":[1,2.5,"x",null,true],"c":{"d":"e"}},"k":[{"n":1,"s":"v1"},{"n":2,"s":""}]})",
      arena);
  if (!root) {
    std::abort();
  }
  for (const auto dialect : {jmespath::Dialect::standard, jmespath::Dialect::kyverno}) {
    jmespath::Evaluation evaluation(arena, dialect);
    jmespath::Value out;
    (void)evaluation.run(*expression, *root, out);
  }
}

/// The signature is what comes after the key that the fuzzer makes up, or after a good one.
void verify(std::string_view bytes) {
  if (const auto key = policy::PublicKey::from_pem(pem_of(bytes, "PUBLIC KEY"))) {
    (void)key->verifies("message", bytes);
  }
  static const auto good = policy::PublicKey::from_pem(
      "-----BEGIN PUBLIC KEY-----\n"
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEyQfmL5YwHbn9xrrgG3vgbU0KJxMY\n"
      "BibYLJ5L4VSMvGxeMLnBGdM48w5IE//6idUPj3rscigFdHs7GDMH4LLAng==\n"
      "-----END PUBLIC KEY-----\n");
  if (!good || good->verifies("message", bytes)) {
    std::abort();  // nobody can sign with it
  }
}

void unpack(const std::string& bytes) {
  const auto archive = policy::gunzip(bytes);
  (void)policy::untar(archive ? *archive : bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) {
    return 0;
  }
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 6) {
    case 0:
      decode(pem_of(bytes, "CERTIFICATE"));
      break;
    case 1:
      decode(pem_of(bytes, "CERTIFICATE REQUEST"));
      break;
    case 2:
      decode(bytes);
      break;
    case 3:
      verify(bytes);
      break;
    case 4:
      unpack(bytes);
      break;
    default:
      evaluate(bytes);
  }
  return 0;
}
