using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Access.KeyRing;

/// <summary>
/// The keys behind cookies and forms, shared by all replicas: kept in PostgreSQL, encrypted under the master key.
/// The interface is synchronous; it is called at start and once in a day.
/// </summary>
internal sealed partial class PostgresKeyRing(Databases databases, MasterKeys keys, ILogger<PostgresKeyRing> log) : IXmlRepository
{
    private const string Place = "data_protection_keys.xml";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = databases.Pages.CreateCommand("select friendly_name, xml from data_protection_keys order by id");
        using var reader = command.ExecuteReader();
        var elements = new List<XElement>();
        while (reader.Read())
        {
            if (Read(reader.GetString(0), reader.GetFieldValue<byte[]>(1)) is { } element) elements.Add(element);
        }

        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var xml = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
        using var command = databases.Pages.CreateCommand("insert into data_protection_keys (friendly_name, xml) values ($1, $2)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = friendlyName });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = keys.Protect(xml, Place) });
        command.ExecuteNonQuery();
    }

    /// <summary>A key under a master key that is gone is left out: its cookies end, and everyone signs in again.</summary>
    private XElement? Read(string name, byte[] kept)
    {
        try
        {
            return XElement.Parse(Encoding.UTF8.GetString(keys.Unprotect(kept, Place)));
        }
        catch (Exception fault) when (fault is UnknownMasterKeyException or CipherRefusedException or XmlException)
        {
            LogUnreadable(name, fault.GetType().Name);
            return null;
        }
    }

    [LoggerMessage(7110, LogLevel.Warning, "The cookie key {Name} can't be read ({Fault}) and is left out")]
    private partial void LogUnreadable(string name, string fault);
}
