import Foundation
import RatecardJSON
import Testing

extension ServiceTests {
  /// `GET /metrics`.
  struct MetricsTests {
    let service: ServiceProcess
    let client: ServiceClient

    init() throws {
      service = try ServiceProcess(try CardFolder())
      client = service.client()
    }

    @Test func thePageIsWhatPrometheusReads() throws {
      let reply = try client.get("/metrics")
      #expect(reply.status == 200)
      #expect(reply["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
      let families = try MetricsReading(reply.text).families
      #expect(families.count > 10)
      for family in families { #expect(!family.name.isEmpty) }
    }

    @Test func requestsAreCountedByEndpointAndStatus() throws {
      for _ in 0..<3 { _ = try client.post("/v1/decide", ["request_type": "chat"]) }
      _ = try client.post("/v1/decide", ["request_type": "chta"])
      _ = try client.get("/v1/decide")
      _ = try client.get("/nowhere")
      let name = "ratecard_http_requests_total"
      // A request is counted once its reply is sent, which may be after the client has it.
      for (endpoint, status) in [
        ("other", "404"), ("/v1/decide", "400"), ("/v1/decide", "405"),
      ] {
        #expect(
          try isTrue {
            try client.metrics().value(name, ["endpoint": endpoint, "status": status]) == 1
          })
      }
      let metrics = try client.metrics()
      #expect(metrics.value(name, ["endpoint": "/v1/decide", "status": "422"]) == 3)
      #expect(metrics.value("ratecard_decision_seconds_count") == 4)
      let counted = metrics.families.first { $0.name == name }?.samples.reduce(0) { $0 + $1.value }
      #expect(metrics.value("ratecard_http_request_seconds_count") == counted)
    }

    @Test func usageAndTheOutboxAreCounted() throws {
      for id in ["a", "b", "a"] {
        try client.post(
          "/v1/usage",
          ["id": .string(id), "customer": "ann", "request_type": "chat", "model": "gpt-4o"]
        ).expect(200)
      }
      try client.post(
        "/v1/usage", ["id": "a", "customer": "ann", "request_type": "chat", "model": "o1"]
      ).expect(409)
      try client.post("/v1/usage", ["id": "c", "customer": "ann", "request_type": "unsold"])
        .expect(422)
      let metrics = try client.metrics()
      for (result, count) in [
        ("recorded", 2.0), ("repeated", 1), ("conflict", 1), ("unpriced", 1),
      ] {
        #expect(metrics.value("ratecard_usage_total", ["result": result]) == count, "\(result)")
      }
      #expect(metrics.value("ratecard_outbox_events") == 2)
      #expect(metrics.value("ratecard_dead_letters") == 1)
      #expect(
        metrics.value("ratecard_outbox_oldest_age_seconds").map { $0 >= 0 && $0 < 60 } == true)
      #expect(metrics.value("ratecard_store_up") == 1)
      #expect((metrics.value("ratecard_commit_seconds_count") ?? 0) > 0)
    }

    @Test func theCardIsNamed() throws {
      let version = try #require(try client.get("/v1/ratecard").json["version"]?.string)
      let metrics = try client.metrics()
      #expect(
        metrics.value("ratecard_card_info", ["ratecard": "shop", "version": version]) == 1)
      #expect(metrics.value("ratecard_last_reload_successful") == 1)
      let loaded = try #require(metrics.value("ratecard_loaded_timestamp_seconds"))
      #expect(abs(loaded - Date().timeIntervalSince1970) < 60)
    }

    @Test func whatIsOpenIsGauged() throws {
      let idle = try (0..<5).map { _ in try RawClient(port: service.port) }
      #expect(try isTrue { try client.metrics().value("ratecard_http_connections") == 6 })
      #expect(idle.count == 5)
      let resident = try #require(try client.metrics().value("process_resident_memory_bytes"))
      #expect(resident > 1_000_000)
    }
  }
}
