using Microsoft.Extensions.Options;

namespace SmsAi.Core.Platform.Configuration;

/// <summary>
/// Settings that follow what operators change: bound anew when the console's settings changed, else the same object. One that turns out wrong
/// leaves the last good one in force.
/// </summary>
internal sealed class LiveOptions<TOptions>(IOptionsFactory<TOptions> factory, ConsoleSettings console) : IOptions<TOptions>
    where TOptions : class
{
    private volatile Copy? _copy;

    public TOptions Value => _copy is { } copy && copy.Version == console.Version ? copy.Value : Renewed();

    private TOptions Renewed()
    {
        var (last, version) = (_copy, console.Version);
        try
        {
            var now = new Copy(factory.Create(Options.DefaultName), version);
            _copy = now;
            return now.Value;
        }
        catch (OptionsValidationException) when (last is not null)
        {
            _copy = last with { Version = version };
            return last.Value;
        }
    }

    private sealed record Copy(TOptions Value, int Version);
}
