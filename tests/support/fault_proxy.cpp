// SPDX-License-Identifier: Apache-2.0
#include "support/fault_proxy.hpp"

#include "base/descriptor.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <utility>

namespace sluice::test {

namespace {

constexpr std::chrono::milliseconds tick{20};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// Closed by a reset instead of an orderly end.
void reset(Descriptor& socket) {
  const linger now{1, 0};
  (void)::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  (void)socket.close();
}

/// One read of at most `most` bytes, written to the other side; what was moved, 0 at the end.
long move_some(int from, int to, long most) {
  std::array<char, 16384> buffer;
  const std::size_t room = std::min<std::size_t>(buffer.size(), static_cast<std::size_t>(most));
  const ssize_t got = ::recv(from, buffer.data(), room, 0);
  for (ssize_t done = 0; done < got;) {
    const ssize_t sent =
        ::send(to, buffer.data() + done, static_cast<std::size_t>(got - done), MSG_NOSIGNAL);
    if (sent <= 0) {
      return 0;
    }
    done += sent;
  }
  return got < 0 ? 0 : got;
}

}  // namespace

FaultProxy::FaultProxy(int target, const Faults& faults)
    : target_(target),
      faults_(faults),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      random_(faults.seed) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port for the proxy");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { accept_all(); });
}

FaultProxy::~FaultProxy() {
  ending_ = true;
  thread_.join();
  (void)::close(listener_);
  while (open_ > 0) {
    std::this_thread::sleep_for(tick);
  }
}

void FaultProxy::accept_all() {
  while (!ending_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(tick.count())) <= 0) {
      continue;
    }
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) {
      continue;
    }
    ++connections_;
    ++open_;
    // A promotion over HTTP moves some thousand bytes: cut anywhere among them, both ways.
    const bool cut = std::uniform_int_distribution<unsigned>(0, 99)(random_) < faults_.dropped;
    const long budget = cut ? std::uniform_int_distribution<long>(0, 6000)(random_) : -1;
    std::thread([this, client, budget] {
      carry(client, budget);
      --open_;
    }).detach();
  }
}

/// `budget`: bytes until the cut, -1 for no cut.
void FaultProxy::carry(int client, long budget) {
  Descriptor left(client);
  Descriptor right(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(target_);
  if (faults_.voice == Faults::Voice::normal &&
      ::connect(right.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return reset(left);
  }
  while (!ending_) {
    if (faults_.voice == Faults::Voice::silent) {
      std::this_thread::sleep_for(tick);
      continue;
    }
    std::array<pollfd, 2> sides = {pollfd{left.get(), POLLIN, 0}, pollfd{right.get(), POLLIN, 0}};
    (void)::poll(sides.data(), sides.size(), static_cast<int>(tick.count()));
    for (std::size_t i = 0; i < 2; ++i) {
      if (sides[i].revents == 0) {
        continue;
      }
      if (budget == 0) {
        ++cut_;
        reset(right);
        return reset(left);
      }
      if (i == 1 && faults_.delay.count() > 0) {
        std::this_thread::sleep_for(faults_.delay);
      }
      const long moved = move_some(sides[i].fd, sides[1 - i].fd, budget < 0 ? 16384 : budget);
      if (moved == 0) {
        return;
      }
      budget = budget < 0 ? budget : budget - moved;
    }
  }
}

}  // namespace sluice::test
