using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>
/// Keys for the embedded default: made once, kept in a file that only its owner may read. A program with a database of its own
/// never uses it, so that it refuses to start without keys instead of making some that nobody backs up.
/// </summary>
public static class KeyFile
{
    public const string Name = "privacy.keys";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Sets the keys kept in this folder, unless the configuration has any key.</summary>
    public static void AddTo(IConfigurationManager configuration, string folder)
    {
        var configured = configuration.GetSection(PrivacyOptions.Section).Get<PrivacyOptions>();
        if (configured is not null and not { IsEmpty: true })
            return;

        var keys = LoadOrCreate(folder);
        configuration.AddInMemoryCollection(
        [
            new($"{PrivacyOptions.Section}:{nameof(keys.PhoneHashKey)}", keys.PhoneHashKey),
            new($"{PrivacyOptions.Section}:{nameof(keys.EncryptionKey)}", keys.EncryptionKey),
        ]);
    }

    /// <summary>The keys kept in this folder, made when there are none. A damaged file is refused: new keys could not read the old data.</summary>
    public static PrivacyOptions LoadOrCreate(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            Create(folder, path);

        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) != OwnerOnly)
            File.SetUnixFileMode(path, OwnerOnly);
        var keys = Parse(File.ReadAllLines(path));
        return keys.Faults() is { Count: > 0 } faults
            ? throw new InvalidDataException(
                $"The key file {path} is damaged. Bring back its copy, or remove it together with the data it belongs to. {string.Join(' ', faults)}")
            : keys;
    }

    // Whole or not at all, also when the power fails; of many that begin at once, one makes the keys.
    private static void Create(string folder, string path)
    {
        Directory.CreateDirectory(folder);
        using var guard = Lock($"{path}.lock");
        if (File.Exists(path))
            return;
        var half = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(half, options))
        using (var writer = new StreamWriter(file))
        {
            writer.WriteLine("# Without this file the stored texts and numbers can't be read. Keep a copy apart from the database's.");
            writer.WriteLine($"{nameof(PrivacyOptions.PhoneHashKey)}={NewKey()}");
            writer.WriteLine($"{nameof(PrivacyOptions.EncryptionKey)}={NewKey()}");
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path);
    }

    // A move that must not overwrite looks first and renames then: two could pass the look. The lock goes with its holder, also a killed one.
    private static FileStream Lock(string path)
    {
        for (var since = Stopwatch.GetTimestamp(); ; Thread.Sleep(10))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(10))
            {
                // Held by a program that starts beside this one.
            }
        }
    }

    private static PrivacyOptions Parse(IEnumerable<string> lines)
    {
        var values = lines.Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2).ToLookup(parts => parts[0], parts => parts[1]);
        return new PrivacyOptions
        {
            PhoneHashKey = values[nameof(PrivacyOptions.PhoneHashKey)].FirstOrDefault(""),
            EncryptionKey = values[nameof(PrivacyOptions.EncryptionKey)].FirstOrDefault(""),
        };
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(PrivacyOptions.KeyBytes));
}
