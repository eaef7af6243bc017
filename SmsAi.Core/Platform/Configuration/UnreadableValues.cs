using System.Collections;
using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace SmsAi.Core.Platform.Configuration;

/// <summary>Finds values that can't be read as what their property is, which the binder would report one at a time, quoting them.</summary>
internal static class UnreadableValues
{
    /// <summary>The keys that hold such values, each with its fault.</summary>
    public static IEnumerable<(string Key, string Fault)> Of(Type type, IConfiguration section)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var given = section.GetSection(property.Name);
            if (!given.Exists()) continue;
            var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (kind == typeof(string) || kind == typeof(object)) continue;
            if (given.Value is { Length: > 0 } text && !IsReadable(kind, text)) yield return (given.Path, $"{given.Path} is not {NameOf(kind)}.");
            if (kind.IsClass && !typeof(IEnumerable).IsAssignableFrom(kind))
            {
                foreach (var inner in Of(kind, given)) yield return inner;
            }
        }
    }

    static bool IsReadable(Type kind, string text)
    {
        var converter = TypeDescriptor.GetConverter(kind);
        if (!converter.CanConvertFrom(typeof(string))) return true;
        try
        {
            converter.ConvertFromInvariantString(text);
            return true;
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException or OverflowException
            || fault.InnerException is FormatException or OverflowException)
        {
            return false;
        }
    }

    static string NameOf(Type kind) => Type.GetTypeCode(kind) switch
    {
        _ when kind.IsEnum => $"one of {string.Join(", ", Enum.GetNames(kind))}",
        TypeCode.Boolean => "true or false",
        TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number, such as 0.7",
        _ when kind == typeof(TimeSpan) => "a duration, such as 00:15:00",
        _ when kind == typeof(Uri) => "an address, such as https://example.com",
        _ => $"a {kind.Name}",
    };
}
