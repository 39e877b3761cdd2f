#include "media/transport/datagram_bio.hpp"

#include <openssl/bio.h>

#include <algorithm>
#include <stdexcept>

namespace tw::media {
namespace {

DatagramExchange& exchange_of(BIO* bio) { return *static_cast<DatagramExchange*>(BIO_get_data(bio)); }

int write_datagram(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const DatagramExchange& exchange = exchange_of(bio);
  if (size <= 0) return 0;
  if (exchange.out != nullptr) {
    exchange.out->send(*exchange.path, {reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)});
  }
  return size;
}

int read_datagram(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  DatagramExchange& exchange = exchange_of(bio);
  if (exchange.incoming.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t bytes = std::min(exchange.incoming.size(), static_cast<std::size_t>(std::max(size, 0)));
  std::copy_n(exchange.incoming.begin(), bytes, reinterpret_cast<std::uint8_t*>(data));
  exchange.incoming = {};  // what did not fit is gone, as with recv
  return static_cast<int>(bytes);
}

long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;  // nothing is held back; the MTU is set on the session
}

int create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

const BIO_METHOD* method() {
  static const BIO_METHOD* const made = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagram");
    if (m == nullptr) throw std::runtime_error("DTLS cannot be set up: OpenSSL refuses a BIO method");
    BIO_meth_set_write(m, write_datagram);
    BIO_meth_set_read(m, read_datagram);
    BIO_meth_set_ctrl(m, control);
    BIO_meth_set_create(m, create);
    return m;  // for the life of the process
  }();
  return made;
}

}  // namespace

void BioFree::operator()(bio_st* bio) const { BIO_free(bio); }

std::unique_ptr<bio_st, BioFree> make_datagram_bio(DatagramExchange& exchange) {
  std::unique_ptr<bio_st, BioFree> bio(BIO_new(method()));
  if (!bio) throw std::bad_alloc();
  BIO_set_data(bio.get(), &exchange);
  return bio;
}

}  // namespace tw::media
