using System;
using System.Configuration;
using System.IO;

namespace Legacy
{
    /// <summary>Written for .NET Framework long ago; it reads its own X.dll.config and its own folder.</summary>
    public class LegacyTask
    {
        public string Greet(string name)
        {
            return ConfigurationManager.AppSettings["greeting"] + ", " + name;
        }

        public string ConnectionString(string name)
        {
            return ConfigurationManager.ConnectionStrings[name].ConnectionString;
        }

        public bool IsInItsOwnFolder()
        {
            return File.Exists(Path.Combine(AppDomain.CurrentDomain.BaseDirectory, "LegacyTask.dll"));
        }

        public string Fail()
        {
            throw new InvalidOperationException("out of cheese");
        }
    }
}
