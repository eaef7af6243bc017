using SmsAi.Bench;
using SmsAi.Bench.Road;

if (BenchOptions.Read(args) is not { } options)
{
    await Console.Error.WriteLineAsync(BenchOptions.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

var report = await RoadScenario.RunAsync(options, Console.Error, stop.Token);
report.WriteTable(Console.Out);
await report.WriteJsonAsync(options.Json, stop.Token);
Console.WriteLine($"Written to {options.Json}.");
return report.IsComplete ? 0 : 1;
