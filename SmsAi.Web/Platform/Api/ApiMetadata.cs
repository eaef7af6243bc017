namespace SmsAi.Web.Platform.Api;

/// <summary>What the description of the API says about endpoints that read their body and query themselves.</summary>
internal static class ApiMetadata
{
    /// <summary>The body it takes.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new ApiBody(typeof(T)));

    /// <summary>A parameter of its query.</summary>
    public static RouteHandlerBuilder Asks(this RouteHandlerBuilder endpoint, string name, string description) =>
        endpoint.WithMetadata(new ApiParameter(name, description, IsHeader: false));

    /// <summary>A header it goes by.</summary>
    public static RouteHandlerBuilder Heeds(this RouteHandlerBuilder endpoint, string name, string description) =>
        endpoint.WithMetadata(new ApiParameter(name, description, IsHeader: true));
}

/// <summary>The type of a body.</summary>
internal sealed record ApiBody(Type Type);

/// <summary>A parameter by name.</summary>
internal sealed record ApiParameter(string Name, string Description, bool IsHeader);
