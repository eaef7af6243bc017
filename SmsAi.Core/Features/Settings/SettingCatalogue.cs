using System.Collections;
using System.Globalization;
using System.Reflection;
using SmsAi.Core.Platform.Configuration;

namespace SmsAi.Core.Features.Settings;

/// <summary>Every setting there is: the classes say type and default, <see cref="SettingMeanings"/> what it means.</summary>
public sealed class SettingCatalogue
{
    private readonly Dictionary<string, Setting> _byKey;

    public SettingCatalogue(params IEnumerable<Assembly> assemblies)
    {
        var classed = SettingsClasses.In(assemblies).SelectMany(one => Settable(one.Type).Select(property => Of(one.Type, one.Section, property)));
        var alone = SettingMeanings.Alone.Select(key => Make(key, SettingKind.Text, null, null));
        All = [.. classed.Concat(alone).Where(setting => !SettingMeanings.NotForPeople.Contains(setting.Key)).DistinctBy(setting => setting.Key)];
        _byKey = All.ToDictionary(setting => setting.Key, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<Setting> All { get; }

    /// <summary>Null for a key that is none.</summary>
    public Setting? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>As a file or the environment would say it.</summary>
    internal static string? Text(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        string text => text.Length == 0 ? null : text,
        IEnumerable list => string.Join(", ", list.Cast<object>()) is { Length: > 0 } joined ? joined : null,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static IEnumerable<PropertyInfo> Settable(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true });

    private static Setting Of(Type type, string section, PropertyInfo property)
    {
        var key = $"{section}:{property.Name}";
        return Make(key, KindOf(property.PropertyType, key), Text(property.GetValue(Activator.CreateInstance(type))), type);
    }

    private static Setting Make(string key, SettingKind kind, string? defaultText, Type? options)
    {
        var said = SettingMeanings.Of(key);
        return new(key, said?.Group ?? "Other", said?.Meaning ?? "", said?.Allowed ?? "", kind, defaultText, SettingMeanings.IsSecret(key), said?.IsLive == true, options);
    }

    private static SettingKind KindOf(Type type, string key)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        if (kind == typeof(string)) return SettingMeanings.LongTexts.Contains(key) ? SettingKind.LongText : SettingKind.Text;
        if (kind == typeof(bool)) return SettingKind.Switch;
        if (kind == typeof(TimeSpan)) return SettingKind.Duration;
        return Type.GetTypeCode(kind) switch
        {
            TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 => SettingKind.Whole,
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => SettingKind.Number,
            _ => typeof(IEnumerable).IsAssignableFrom(kind) ? SettingKind.List : SettingKind.Text,
        };
    }
}
