// SPDX-License-Identifier: Apache-2.0
#include "rules/container.hpp"

#include <algorithm>
#include <array>

namespace sluice::rules {
namespace {

constexpr std::array<std::string_view, 65> stop_signals{
    "SIGABRT",     "SIGALRM",     "SIGBUS",      "SIGCHLD",     "SIGCLD",      "SIGCONT",
    "SIGFPE",      "SIGHUP",      "SIGILL",      "SIGINT",      "SIGIO",       "SIGIOT",
    "SIGKILL",     "SIGPIPE",     "SIGPOLL",     "SIGPROF",     "SIGPWR",      "SIGQUIT",
    "SIGSEGV",     "SIGSTKFLT",   "SIGSTOP",     "SIGSYS",      "SIGTERM",     "SIGTRAP",
    "SIGTSTP",     "SIGTTIN",     "SIGTTOU",     "SIGURG",      "SIGUSR1",     "SIGUSR2",
    "SIGVTALRM",   "SIGWINCH",    "SIGXCPU",     "SIGXFSZ",     "SIGRTMIN",    "SIGRTMIN+1",
    "SIGRTMIN+2",  "SIGRTMIN+3",  "SIGRTMIN+4",  "SIGRTMIN+5",  "SIGRTMIN+6",  "SIGRTMIN+7",
    "SIGRTMIN+8",  "SIGRTMIN+9",  "SIGRTMIN+10", "SIGRTMIN+11", "SIGRTMIN+12", "SIGRTMIN+13",
    "SIGRTMIN+14", "SIGRTMIN+15", "SIGRTMAX-14", "SIGRTMAX-13", "SIGRTMAX-12", "SIGRTMAX-11",
    "SIGRTMAX-10", "SIGRTMAX-9",  "SIGRTMAX-8",  "SIGRTMAX-7",  "SIGRTMAX-6",  "SIGRTMAX-5",
    "SIGRTMAX-4",  "SIGRTMAX-3",  "SIGRTMAX-2",  "SIGRTMAX-1",  "SIGRTMAX"};

void check_http(Object& object, const Node* http) {
  check_port_or_name(object, http, "port");
  object.one_of(http, "scheme", {"HTTP", "HTTPS"});
  for (const Node& header : object.items(http, "httpHeaders")) {
    object.text_form({&header, "name"}, object.text(&header, "name"), Form::header_name);
  }
}

void check_sleep(Object& object, const Node* sleep, const Pod& pod) {
  const std::int64_t least = object.minor() >= 33 ? 0 : 1;
  const auto seconds = object.integer(sleep, "seconds").value_or(0);
  if (seconds < least || seconds > pod.grace) {
    object.invalid({sleep, "seconds"}, "schema/range",
                   "lie between " + std::to_string(least) + " and the grace period of " +
                       std::to_string(pod.grace) + " seconds");
  }
}

void check_handler(Object& object, const Node* owner, const Pod& pod) {
  std::string_view first;
  for (const std::string_view kind : {"exec", "httpGet", "tcpSocket", "grpc", "sleep"}) {
    const Node* handler = object.get(owner, kind);
    if (handler == nullptr) {
      continue;
    }
    if (!first.empty()) {
      object.forbidden({owner, kind}, "beside " + std::string(first), "keep one handler");
      continue;
    }
    first = kind;
    if (kind == "exec" && object.items(handler, "command").empty()) {
      object.required(handler, "command");
    } else if (kind == "httpGet") {
      check_http(object, handler);
    } else if (kind == "tcpSocket") {
      check_port_or_name(object, handler, "port");
    } else if (kind == "grpc") {
      if (object.integer(handler, "port").value_or(0) == 0) {
        object.required(handler, "port");
      }
      object.range(handler, "port", 1, 65535);
    } else if (kind == "sleep") {
      check_sleep(object, handler, pod);
    }
  }
  if (first.empty()) {
    object.invalid({owner}, "schema/required", "say how: with exec, httpGet, tcpSocket or grpc");
  }
}

void check_probe(Object& object, const Node& container, std::string_view kind, const Pod& pod) {
  const Node* probe = object.get(&container, kind);
  if (probe == nullptr) {
    return;
  }
  check_handler(object, probe, pod);
  for (const std::string_view field : {"initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                                       "successThreshold", "failureThreshold"}) {
    object.range(probe, field, 0, int32_most);
  }
  const auto threshold = object.integer(probe, "successThreshold").value_or(0);
  if (kind != "readinessProbe" && threshold > 1) {
    object.invalid({probe, "successThreshold"}, "schema/range", "be 1",
                   "only a readinessProbe may ask for more");
  }
  const auto grace = object.integer(probe, "terminationGracePeriodSeconds");
  if (kind == "readinessProbe" && object.has(probe, "terminationGracePeriodSeconds")) {
    object.forbidden({probe, "terminationGracePeriodSeconds"}, "for a readinessProbe",
                     "a container that is not ready is not killed");
  } else if (grace && *grace <= 0) {
    object.invalid({probe, "terminationGracePeriodSeconds"}, "schema/range", "be more than 0");
  }
}

void check_stop_signal(Object& object, const Node* lifecycle, const Pod& pod) {
  if (!object.has(lifecycle, "stopSignal")) {
    return;
  }
  if (!pod.has_os) {
    return object.forbidden({lifecycle, "stopSignal"}, "without os.name of the pod");
  }
  const std::string_view name = object.text(lifecycle, "stopSignal");
  if (pod.os == "windows") {
    object.chosen(lifecycle, "stopSignal", {"SIGKILL", "SIGTERM"});
  } else if (pod.os == "linux" &&
             std::find(stop_signals.begin(), stop_signals.end(), name) == stop_signals.end()) {
    object.unsupported({lifecycle, "stopSignal"}, stop_signals);
  }
}

}  // namespace

void check_probes(Object& object, const Node& container, const Pod& pod) {
  for (const std::string_view kind : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    check_probe(object, container, kind, pod);
  }
}

void check_lifecycle(Object& object, const Node& container, const Pod& pod) {
  const Node* lifecycle = object.get(&container, "lifecycle");
  for (const std::string_view moment : {"postStart", "preStop"}) {
    if (const Node* handler = object.get(lifecycle, moment)) {
      check_handler(object, handler, pod);
    }
  }
  check_stop_signal(object, lifecycle, pod);
}

}  // namespace sluice::rules
