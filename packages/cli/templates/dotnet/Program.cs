using Ostler;

return new Worker()
    .Handle("default", (byte[] body) => Handlers.Echo(body))
    .Handle("sha512", (byte[] body) => Handlers.Sha512(body))
    .Handle("sum", (Handlers.Pair pair) => Handlers.Sum(pair))
    .Run();
