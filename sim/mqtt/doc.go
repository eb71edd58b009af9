// Package mqtt is a light MQTT 3.1.1 client on the packet codec of mochi, made for
// tens of thousands in one process: one small buffer a connection, and one goroutine,
// or none where the connection calls (Start).
//
//	conn, err := dial(ctx)                     // TCP, TLS or memory
//	c, err := mqtt.Connect(ctx, conn, mqtt.Options{ClientID: "sensor-00001", OnPublish: …, OnAck: …})
//	go func() { done <- c.Run(ctx) }()         // reads; everything below needs it
//	codes, err := c.Subscribe(ctx, mqtt.Subscription{Filter: "devices/sensor-00001/commands", QoS: 1})
//	id, err := c.Publish(mqtt.Message{Topic: …, QoS: 1, Payload: …})   // OnAck(id) follows
//	err = c.Disconnect()                       // Run returns nil
//
// The client does not dial, reconnect or store messages: whoever wants that keeps
// the messages whose OnAck has not come, and publishes them with Dup on the next
// connection. QoS 2 is refused, as AWS IoT Core does (AWS.md §1).
package mqtt
