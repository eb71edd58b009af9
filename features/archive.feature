Feature: The raw archive
  Every accepted telemetry message is one S3 object with exactly its payload.

  Background:
    Given the pipeline
    And the device "sensor-1" is connected

  @portable
  Scenario: The object is the payload, byte for byte
    When "sensor-1" publishes to "devices/sensor-1/telemetry":
      """
      { "deviceId":"sensor-1",   "timestamp":1767225600000, "data":{"temperature":20.50} }
      """
    And the pipeline has drained
    Then the archive holds 1 object of "sensor-1" with exactly that payload

  @portable
  Scenario: Binary payloads are archived too
    When "sensor-1" publishes the bytes "00ff10" to "devices/sensor-1/telemetry"
    And the pipeline has drained
    Then the archive holds 1 object of "sensor-1" with exactly that payload
