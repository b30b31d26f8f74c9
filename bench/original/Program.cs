using System.Globalization;
using LinePool;

switch (args)
{
    case ["worker"]:
        Worker.Serve();
        return 0;
    case ["pool", var workers, var queueSize]:
        Driver.Serve(int.Parse(workers, CultureInfo.InvariantCulture), int.Parse(queueSize, CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine("usage: line-pool worker | pool WORKERS QUEUE");
        return 2;
}
