using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>Where the embedded servers keep their data, passwords, ports and logs.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class DataFolder
{
    /// <summary>For data below a folder which the servers' account cannot enter.</summary>
    private const string Elsewhere = "/var/lib/smsai";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersPass = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private DataFolder(string asked, string root, ServerAccount account)
    {
        Asked = asked;
        Root = root;
        Account = account;
    }

    /// <summary>The configured folder: the app's identity, where the lock is.</summary>
    public string Asked { get; }

    /// <summary>The folder really used.</summary>
    public string Root { get; }

    public ServerAccount Account { get; }

    public static async Task<DataFolder> OpenAsync(string asked, ServerAccount account, CancellationToken cancel)
    {
        asked = Path.GetFullPath(asked);
        string other = Path.Combine(Elsewhere, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked)))[..16]);
        Create(asked, account);

        bool hasData = Directory.Exists(Path.Combine(asked, EmbeddedPostgres.Folder));
        bool reachable = await account.CanEnterAsync(asked, cancel);
        if (hasData && !reachable)
        {
            throw new EmbeddedServerException(
                $"The data in {asked} cannot be reached by the account {account.Name}, which runs PostgreSQL: open the folders above it (chmod o+x).");
        }

        // What once moved stays where it is, or a folder opened later would seem to have lost its data.
        if (hasData || (reachable && !(account.Name is not null && Directory.Exists(other))))
        {
            return new DataFolder(asked, asked, account);
        }

        Create(Elsewhere, account);
        Create(other, account);
        return new DataFolder(asked, other, account);
    }

    /// <summary>A password kept for this folder: made at the first asking.</summary>
    public string Secret(string name)
    {
        string folder = Path.Combine(Root, "secrets");
        string file = Path.Combine(folder, name);
        Directory.CreateDirectory(folder, OwnerOnly);
        if (File.Exists(file))
        {
            return File.ReadAllText(file).Trim();
        }

        string secret = RandomNumberGenerator.GetHexString(48, lowercase: true);
        WritePrivate(file, secret);
        return secret;
    }

    public bool HasSecret(string name) => File.Exists(Path.Combine(Root, "secrets", name));

    /// <summary>Makes a file only its owner can read, whole or not at all.</summary>
    public static void WritePrivate(string file, string text)
    {
        string half = file + ".new";
        File.Delete(half);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(half, options))
        {
            writer.Write(text);
        }

        File.Move(half, file, overwrite: true);
    }

    /// <summary>The port a server had last, while it is free; else a new one. Tools find it in a file of this folder.</summary>
    public int ChoosePort(string server, bool fresh)
    {
        string file = Path.Combine(Root, server + ".port");
        int port = fresh ? 0 : ReadPort(server) ?? 0;
        while (port == 0 || !IsFree(port))
        {
            // Below the range from which the system gives ports to outgoing connections.
            port = RandomNumberGenerator.GetInt32(15_000, 32_000);
        }

        File.WriteAllText(file, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    public int? ReadPort(string server)
    {
        string file = Path.Combine(Root, server + ".port");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out int port) ? port : null;
    }

    /// <summary>A folder that belongs to the servers' account.</summary>
    public async Task<string> ServerFolderAsync(string name, CancellationToken cancel)
    {
        string folder = Path.Combine(Root, name);
        Directory.CreateDirectory(folder, OwnerOnly);
        await Account.GiveAsync(folder, cancel);
        return folder;
    }

    /// <summary>The file a server writes its log to; the one before is kept when it has grown large.</summary>
    public async Task<string> LogFileAsync(string server, CancellationToken cancel)
    {
        const long large = 10_000_000;
        string folder = Path.Combine(Root, "logs");
        string file = Path.Combine(folder, server + ".log");
        Create(folder, Account);
        if (File.Exists(file) && new FileInfo(file).Length > large)
        {
            File.Move(file, file + ".1", overwrite: true);
        }

        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await new FileStream(file, options).DisposeAsync();
        await Account.GiveAsync(file, cancel);
        return file;
    }

    private static void Create(string folder, ServerAccount account)
    {
        UnixFileMode wanted = account.Name is null ? OwnerOnly : OthersPass;
        Directory.CreateDirectory(folder, wanted);
        if (account.Name is not null && (File.GetUnixFileMode(folder) & wanted) != wanted)
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | wanted);
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
