using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmsAi.Core.Features.Sandbox;

/// <summary>The account the sandbox makes for itself, kept in <c>sandbox.json</c> in the data folder, which only its owner can read.</summary>
public sealed record SandboxAccount(string AccountSid, string AuthToken, string Number, string ModelKey)
{
    /// <summary>Where the sandbox's carrier answers, below our own address.</summary>
    public const string CarrierPath = "/sandbox/twilio";

    /// <summary>Where the sandbox's model answers, below our own address.</summary>
    public const string ModelPath = "/sandbox/openai/v1";

    private const string FileName = "sandbox.json";

    /// <summary>Reads the account of a data folder, or makes it. Two starting at once end with the same one.</summary>
    public static SandboxAccount In(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (Read(file) is { } kept)
            return kept;

        Directory.CreateDirectory(folder);
        var made = New();
        var half = $"{file}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.new";
        var onlyOurs = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            onlyOurs.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(half, onlyOurs))
            JsonSerializer.Serialize(stream, made, SandboxAccountJson.Default.SandboxAccount);
        try
        {
            File.Move(half, file, overwrite: false);
            return made;
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(half);
            return Read(file) ?? throw new InvalidOperationException($"{file} can't be read as the sandbox's account; remove it to get a new one.");
        }
    }

    private static SandboxAccount? Read(string file)
    {
        try
        {
            if (!File.Exists(file))
                return null;
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize(stream, SandboxAccountJson.Default.SandboxAccount)
                is { AccountSid.Length: > 0, AuthToken.Length: > 0, Number.Length: > 0, ModelKey.Length: > 0 } kept ? kept : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new InvalidOperationException($"{file} can't be read as the sandbox's account; remove it to get a new one.");
        }
    }

    // 555-0100 to 555-0199 belong to nobody; those from 0150 are the sandbox's special handsets.
    private static SandboxAccount New() => new(
        "AC" + RandomNumberGenerator.GetHexString(32, lowercase: true),
        RandomNumberGenerator.GetHexString(32, lowercase: true),
        string.Create(CultureInfo.InvariantCulture, $"+120255501{RandomNumberGenerator.GetInt32(10, 50)}"),
        "sk-sandbox-" + RandomNumberGenerator.GetHexString(32, lowercase: true));
}

/// <summary>How the account is written to its file.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(SandboxAccount))]
internal sealed partial class SandboxAccountJson : JsonSerializerContext;
