module example.test/gateway

go 1.19
