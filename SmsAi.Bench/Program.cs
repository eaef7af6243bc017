using SmsAi.Bench;
using SmsAi.Bench.Lists;
using SmsAi.Bench.Floor;
using SmsAi.Bench.Growth;
using SmsAi.Bench.Live;
using SmsAi.Bench.Measuring;
using SmsAi.Bench.OpenLoop;
using SmsAi.Bench.Road;
using SmsAi.Bench.Rooms;

if (args is [FloorProcess.Verb])
    return await FloorProgram.RunAsync(Console.In, Console.Out);
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

BenchReport report = options.Scenario switch
{
    "open" => await OpenLoopScenario.RunAsync(options, Console.Error, stop.Token),
    "growth" => await GrowthScenario.RunAsync(options, Console.Error, stop.Token),
    "live" => await LiveScenario.RunAsync(options, Console.Error, stop.Token),
    "lists" => await ListsScenario.RunAsync(options, Console.Error, stop.Token),
    "rooms" => await RoomsScenario.RunAsync(options, Console.Error, stop.Token),
    _ => await RoadScenario.RunAsync(options, Console.Error, stop.Token),
};
report.WriteTable(Console.Out);
await report.WriteJsonAsync(options.Json, stop.Token);
Console.WriteLine($"Written to {options.Json}.");
return report.IsComplete ? 0 : 1;
