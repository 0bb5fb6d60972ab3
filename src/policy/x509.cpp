// SPDX-License-Identifier: Apache-2.0
#include "policy/x509.hpp"

#include "base/base64.hpp"
#include "policy/der.hpp"
#include "policy/x509_extensions.hpp"

#include <array>
#include <cstdlib>

namespace sluice::policy {

namespace {

using std::string_view;

Error malformed() {
  return Error{Error::Kind::parse, "the structure is not that of X.509"};
}

/// The first PEM block: its label and its bytes.
struct Block {
  string_view label;
  std::string bytes;
};
std::optional<Block> pem_block(string_view text) {
  constexpr string_view begin = "-----BEGIN ";
  constexpr string_view dashes = "-----";
  auto at = text.find(begin);
  while (at != string_view::npos && at != 0 && text[at - 1] != '\n') {
    at = text.find(begin, at + 1);
  }
  if (at == string_view::npos) {
    return std::nullopt;
  }
  text.remove_prefix(at + begin.size());
  const auto label_end = text.find(dashes);
  const auto end = text.find("-----END ");
  if (label_end == string_view::npos || end == string_view::npos || end < label_end) {
    return std::nullopt;
  }
  const auto label = text.substr(0, label_end);
  const auto body = text.substr(label_end + dashes.size(), end - label_end - dashes.size());
  std::string joined;
  for (const char c : body) {
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t') {
      joined += c;
    }
  }
  auto bytes = base64_decode(joined);
  return bytes ? std::optional(Block{label, std::move(*bytes)}) : std::nullopt;
}

/// pkix.Name: attributes by their short fields, and all of them in a list.
bool add_name(DerFields& out, string_view field, const DerElement& source) {
  constexpr std::array<std::pair<string_view, string_view>, 7> lists = {
      {{"2.5.4.6", "Country"},
       {"2.5.4.10", "Organization"},
       {"2.5.4.11", "OrganizationalUnit"},
       {"2.5.4.7", "Locality"},
       {"2.5.4.8", "Province"},
       {"2.5.4.9", "StreetAddress"},
       {"2.5.4.17", "PostalCode"}}};
  Arena& arena = out.arena();
  std::array<std::vector<Value>, lists.size()> listed;
  std::vector<Value> names;
  std::string common_name;
  std::string serial;
  DerReader sets(source.content);
  while (!sets.done()) {
    const auto set = sets.next(der_set);
    if (!set) {
      return false;
    }
    DerReader attributes(set->content);
    while (!attributes.done()) {
      const auto attribute = attributes.next(der_sequence);
      DerReader parts(attribute ? attribute->content : string_view());
      const auto type = parts.next(der_oid);
      const auto value = parts.next();
      if (!type || !value) {
        return false;
      }
      const std::string oid = oid_text(type->content);
      const Value text = make_string(arena, value->content);
      for (std::size_t i = 0; i < lists.size(); ++i) {
        if (lists[i].first == oid) {
          listed[i].push_back(text);
        }
      }
      common_name = oid == "2.5.4.3" ? std::string(value->content) : common_name;
      serial = oid == "2.5.4.5" ? std::string(value->content) : serial;
      const std::array<Member, 2> name = {
          {{"Type", out.oid_value(type->content)}, {"Value", text}}};
      names.push_back(make_object(arena, name));
    }
  }
  std::vector<Member> members = {{"CommonName", make_string(arena, common_name)},
                                 {"SerialNumber", make_string(arena, serial)},
                                 {"ExtraNames", Value()},
                                 {"Names", out.list_value(names)}};
  for (std::size_t i = 0; i < lists.size(); ++i) {
    members.push_back({lists[i].second, out.list_value(listed[i])});
  }
  out.set(field, make_object(arena, members));
  return true;
}

Status add_key(DerFields& out, const DerElement& info) {
  out.bytes("RawSubjectPublicKeyInfo", info.whole);
  DerReader parts(info.content);
  const auto algorithm = parts.next(der_sequence);
  const auto bits = parts.next(der_bits);
  DerReader of_algorithm(algorithm ? algorithm->content : string_view());
  const auto type = of_algorithm.next(der_oid);
  if (!type || !bits || bits->content.empty()) {
    return malformed();
  }
  if (oid_text(type->content) != "1.2.840.113549.1.1.1") {
    return Error{Error::Kind::parse, "certificate should use rsa algorithm"};
  }
  DerReader key(bits->content.substr(1));
  const auto pair = key.next(der_sequence);
  DerReader numbers(pair ? pair->content : string_view());
  const auto modulus = numbers.next(der_integer);
  const auto exponent = numbers.next(der_integer);
  const auto n = modulus ? decimal(modulus->content) : std::nullopt;
  const auto e = exponent ? decimal(exponent->content) : std::nullopt;
  if (!n || !e) {
    return Error{Error::Kind::parse, "failed to parse subject public key info"};
  }
  const std::array<Member, 2> members = {{{"E", Value::number(std::strtod(e->c_str(), nullptr))},
                                          {"N", make_string(out.arena(), *n)}}};
  out.set("PublicKey", make_object(out.arena(), members));
  out.number("PublicKeyAlgorithm", 1);
  return ok;
}

/// The numbers that Go gives to signature algorithms.
Status add_signature(DerFields& out, const DerElement& algorithm, const DerElement& bits) {
  constexpr std::array<std::pair<string_view, int>, 11> known = {{{"1.2.840.113549.1.1.4", 2},
                                                                  {"1.2.840.113549.1.1.5", 3},
                                                                  {"1.3.14.3.2.29", 3},
                                                                  {"1.2.840.113549.1.1.11", 4},
                                                                  {"1.2.840.113549.1.1.12", 5},
                                                                  {"1.2.840.113549.1.1.13", 6},
                                                                  {"1.2.840.10045.4.1", 9},
                                                                  {"1.2.840.10045.4.3.2", 10},
                                                                  {"1.2.840.10045.4.3.3", 11},
                                                                  {"1.2.840.10045.4.3.4", 12},
                                                                  {"1.3.101.112", 16}}};
  DerReader parts(algorithm.content);
  const auto type = parts.next(der_oid);
  if (!type || bits.content.empty()) {
    return malformed();
  }
  const std::string oid = oid_text(type->content);
  if (oid == "1.2.840.113549.1.1.10") {
    return Error{Error::Kind::unsupported, "RSASSA-PSS is not supported"};
  }
  int number = 0;
  for (const auto& [name, value] : known) {
    number = name == oid ? value : number;
  }
  out.number("SignatureAlgorithm", number);
  out.bytes("Signature", bits.content.substr(1));
  return ok;
}

/// What certificates and requests have outermost: the signed part, the algorithm, the signature.
struct Signed {
  DerElement part, algorithm, bits;
};
std::optional<Signed> signed_parts(string_view bytes) {
  DerReader outer(bytes);
  const auto all = outer.next(der_sequence);
  DerReader parts(all ? all->content : string_view());
  const auto part = parts.next(der_sequence);
  const auto algorithm = parts.next(der_sequence);
  const auto bits = parts.next(der_bits);
  if (!part || !algorithm || !bits || !outer.done()) {
    return std::nullopt;
  }
  return Signed{*part, *algorithm, *bits};
}

Result<Value> certificate(Arena& arena, string_view bytes) {
  DerFields out(arena);
  const auto outer = signed_parts(bytes);
  if (!outer) {
    return malformed();
  }
  out.bytes("Raw", bytes);
  out.bytes("RawTBSCertificate", outer->part.whole);
  SLUICE_TRY(add_signature(out, outer->algorithm, outer->bits));
  DerReader parts(outer->part.content);
  int version = 1;
  if (const auto tagged = parts.next(0xA0)) {
    version = tagged->content.empty() ? 1 : tagged->content.back() + 1;
  }
  out.number("Version", version);
  const auto serial = parts.next(der_integer);
  const auto inner_algorithm = parts.next(der_sequence);
  const auto issuer = parts.next(der_sequence);
  const auto validity = parts.next(der_sequence);
  const auto subject = parts.next(der_sequence);
  const auto key = parts.next(der_sequence);
  const auto number = serial ? decimal(serial->content) : std::nullopt;
  if (!number || !inner_algorithm || !issuer || !validity || !subject || !key) {
    return malformed();
  }
  out.set("SerialNumber", Value::number(std::strtod(number->c_str(), nullptr)));
  out.bytes("RawIssuer", issuer->whole);
  out.bytes("RawSubject", subject->whole);
  DerReader times(validity->content);
  const auto from = times.next();
  const auto to = times.next();
  const auto not_before = from ? der_time_text(*from) : std::nullopt;
  const auto not_after = to ? der_time_text(*to) : std::nullopt;
  if (!not_before || !not_after || !add_name(out, "Issuer", *issuer) ||
      !add_name(out, "Subject", *subject)) {
    return malformed();
  }
  out.text("NotBefore", *not_before);
  out.text("NotAfter", *not_after);
  SLUICE_TRY(add_key(out, *key));
  parts.next(0x81);  // identifiers of issuer and subject, which nobody uses
  parts.next(0x82);
  const auto extensions = parts.next(0xA3);
  SLUICE_TRY(add_certificate_extensions(out, extensions ? extensions->content : string_view()));
  return out.value();
}

Result<Value> request(Arena& arena, string_view bytes) {
  DerFields out(arena);
  const auto outer = signed_parts(bytes);
  if (!outer) {
    return malformed();
  }
  out.bytes("Raw", bytes);
  out.bytes("RawTBSCertificateRequest", outer->part.whole);
  SLUICE_TRY(add_signature(out, outer->algorithm, outer->bits));
  DerReader parts(outer->part.content);
  const auto version = parts.next(der_integer);
  const auto subject = parts.next(der_sequence);
  const auto key = parts.next(der_sequence);
  const auto attributes = parts.next(0xA0);
  if (!version || version->content.empty() || !subject || !key ||
      !add_name(out, "Subject", *subject)) {
    return malformed();
  }
  out.number("Version", version->content.back());
  out.bytes("RawSubject", subject->whole);
  SLUICE_TRY(add_key(out, *key));
  SLUICE_TRY(add_request_attributes(out, attributes ? attributes->content : string_view()));
  return out.value();
}

}  // namespace

Result<Value> decode_x509(Arena& arena, string_view pem) {
  const auto block = pem_block(pem);
  if (!block) {
    return Error{Error::Kind::parse, "failed to decode PEM block"};
  }
  if (block->label == "CERTIFICATE") {
    return certificate(arena, block->bytes);
  }
  if (block->label == "CERTIFICATE REQUEST") {
    return request(arena, block->bytes);
  }
  return Error{Error::Kind::parse,
               "PEM block neither contains a CERTIFICATE or CERTIFICATE REQUEST"};
}

}  // namespace sluice::policy
