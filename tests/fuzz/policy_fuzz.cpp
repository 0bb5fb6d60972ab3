// SPDX-License-Identifier: Apache-2.0
// libFuzzer over what policies take from manifests and from their authors: certificates (PEM and
// DER, by the first byte) and JMESPath expressions with Kyverno's functions.
#include "base/base64.hpp"
#include "jmespath/expression.hpp"
#include "jmespath/value.hpp"
#include "policy/context.hpp"
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) {
    return 0;
  }
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      decode(pem_of(bytes, "CERTIFICATE"));
      break;
    case 1:
      decode(pem_of(bytes, "CERTIFICATE REQUEST"));
      break;
    case 2:
      decode(bytes);
      break;
    default:
      evaluate(bytes);
  }
  return 0;
}
