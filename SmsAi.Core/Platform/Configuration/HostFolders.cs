using Microsoft.Extensions.Configuration;

namespace SmsAi.Core.Platform.Configuration;

/// <summary>Where the program keeps files (sections <c>Data</c> and <c>Logs</c>).</summary>
public static class HostFolders
{
    public const string DataKey = "Data:Folder";
    public const string LogsKey = "Logs:Folder";

    /// <summary>Everything the embedded default owns; <c>.data</c> beside the program's content unless set.</summary>
    public static string Data(IConfiguration configuration, string contentRoot) =>
        Path.GetFullPath(configuration[DataKey] is { Length: > 0 } set ? set : ".data", contentRoot);

    /// <summary>Log files; <c>logs</c> next to the data folder if one is set, else beside the program's content.</summary>
    public static string Logs(IConfiguration configuration, string contentRoot)
    {
        if (configuration[LogsKey] is { Length: > 0 } set) return Path.GetFullPath(set, contentRoot);
        var beside = configuration[DataKey] is { Length: > 0 } ? Path.GetDirectoryName(Data(configuration, contentRoot).TrimEnd('/')) : contentRoot;
        return Path.Combine(beside ?? contentRoot, "logs");
    }
}
