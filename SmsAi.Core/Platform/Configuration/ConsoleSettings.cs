using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;

namespace SmsAi.Core.Platform.Configuration;

/// <summary>The settings operators changed while the service runs, as the last source of the configuration: they win over files and environment.</summary>
public sealed class ConsoleSettings : IConfigurationProvider, IConfigurationSource
{
    private readonly ConfigurationReloadToken _never = new();
    private volatile Copy _copy = new(FrozenDictionary<string, string>.Empty, 0);

    /// <summary>Grows with each change that is in force here.</summary>
    public int Version => _copy.Version;

    /// <summary>Puts these in force, and only these.</summary>
    public void Replace(IReadOnlyDictionary<string, string> settings)
    {
        var now = _copy;
        if (now.Values.Count != settings.Count || settings.Any(setting => !now.Values.TryGetValue(setting.Key, out var known) || known != setting.Value))
            _copy = new(settings.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase), now.Version + 1);
    }

    public bool TryGet(string key, out string? value)
    {
        var has = _copy.Values.TryGetValue(key, out var found);
        value = found;
        return has;
    }

    public IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
    {
        var prefix = parentPath is null ? "" : parentPath + ConfigurationPath.KeyDelimiter;
        return _copy.Values.Keys.Where(key => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Select(key => key[prefix.Length..].Split(':')[0])
            .Concat(earlierKeys).Order(ConfigurationKeyComparer.Instance);
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    // Who wants the newest asks for the version; nothing else may start anew because of a change here.
    public Microsoft.Extensions.Primitives.IChangeToken GetReloadToken() => _never;

    public void Load()
    {
        // The database's values come later, and again and again.
    }

    public void Set(string key, string? value) => throw new NotSupportedException("Settings are changed in the database, where they have a history.");

    private sealed record Copy(FrozenDictionary<string, string> Values, int Version);
}
