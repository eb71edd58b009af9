# device_firmware.py - Minimal IoT device code
import json
import time
import ssl
from paho.mqtt import client as mqtt_client

# Device configuration
DEVICE_ID = "sensor-001"
IOT_ENDPOINT = "abc123-ats.iot.us-east-1.amazonaws.com"
CERT_PATH = "/certs/cert.pem"
KEY_PATH = "/certs/private.key"
CA_PATH = "/certs/AmazonRootCA1.pem"

# MQTT topics
TELEMETRY_TOPIC = f"devices/{DEVICE_ID}/telemetry"
STATUS_TOPIC = f"devices/{DEVICE_ID}/status"
COMMANDS_TOPIC = f"devices/{DEVICE_ID}/commands"

def on_connect(client, userdata, flags, rc):
    """Called when device connects to IoT Core."""
    print(f"Connected with result code {rc}")
    # Subscribe to commands from the cloud
    client.subscribe(COMMANDS_TOPIC)
    # Report online status
    client.publish(STATUS_TOPIC, json.dumps({"status": "online", "timestamp": time.time()}))

def on_message(client, userdata, msg):
    """Handle commands from the cloud."""
    command = json.loads(msg.payload)
    print(f"Received command: {command}")

    if command.get("action") == "reboot":
        # Handle reboot command
        pass
    elif command.get("action") == "update_interval":
        # Change reporting interval
        global reporting_interval
        reporting_interval = command.get("interval", 60)

def read_sensor_data():
    """Read data from sensors (simulated here)."""
    import random
    return {
        "temperature": round(20 + random.uniform(-5, 10), 2),
        "humidity": round(50 + random.uniform(-20, 30), 2),
        "pressure": round(1013 + random.uniform(-10, 10), 2),
        "battery_pct": round(random.uniform(20, 100), 1),
    }

# Set up MQTT client with TLS
client = mqtt_client.Client(client_id=DEVICE_ID)
client.tls_set(
    ca_certs=CA_PATH,
    certfile=CERT_PATH,
    keyfile=KEY_PATH,
    tls_version=ssl.PROTOCOL_TLSv1_2,
)
client.on_connect = on_connect
client.on_message = on_message

# Connect and start the loop
client.connect(IOT_ENDPOINT, 8883, keepalive=60)
client.loop_start()

reporting_interval = 60  # seconds

# Main telemetry loop
while True:
    sensor_data = read_sensor_data()
    payload = {
        "deviceId": DEVICE_ID,
        "timestamp": int(time.time() * 1000),
        "data": sensor_data,
    }
    client.publish(TELEMETRY_TOPIC, json.dumps(payload), qos=1)
    print(f"Published: {payload}")
    time.sleep(reporting_interval)
